// The service, from the start to the signal that ends it.
#pragma once

#include "config/settings.hpp"

namespace ubiety::program {

// Serves until SIGTERM or SIGINT, then drains; gives the process's exit code. A second signal ends it at once. Before
// there are other threads.
int serve(const config::Settings& settings);

}  // namespace ubiety::program
