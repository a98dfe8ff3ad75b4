// The service, from its start to the signal that ends it.
#pragma once

#include "config/settings.hpp"

namespace ubiety::program {

// Serves until SIGTERM or SIGINT, then drains, and returns the exit code of the process. A second signal ends the
// process at once. SIGHUP reloads the certificate; SIGUSR1 switches debug logging. Call it before other threads start.
int serve(const config::Settings& settings);

}  // namespace ubiety::program
