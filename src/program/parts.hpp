// Makes the parts of the program from the settings. At the start, one thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "actors/engine.hpp"
#include "config/settings.hpp"
#include "domain/result.hpp"
#include "http/http1/tls.hpp"
#include "http/server.hpp"
#include "storage/spool.hpp"
#include "storage/store.hpp"
#include "telemetry/tracing/tracer.hpp"

namespace ubiety::program {

using config::Settings;

void configure_log(const Settings& settings);

enum class MissingStore { may_be_made, is_an_error };

// Makes the store of DATABASE_URL without connecting to it. Creates the default folder if an embedded store may be
// created there. Fails if the URL can never work, or if the store is missing and must not be created; the error is for
// a person.
Result<std::unique_ptr<Store>, std::string> make_store(const Settings& settings, MissingStore missing);

// Returns why SPOOL_PATH cannot work: its folder is missing, perhaps because of a typo or a disk that is not mounted.
// nullopt if it can. Creates the default folder. For a person.
std::optional<std::string> problem_with_spool_folder(const Settings& settings);

// nullptr without SPOOL_PATH.
StoreResult<std::unique_ptr<Spool>> open_spool(const Settings& settings);

// nullptr if requests are not traced.
std::unique_ptr<tracing::Tracer> make_tracer(const Settings& settings);

// nullptr without TLS_CERT. The error says what is wrong with the files, for a person.
Result<std::shared_ptr<http::transport::TlsContext>, std::string> load_tls(const Settings& settings);

// What the engine calls, on a thread of its own, when its store fails for good.
struct StoreNews {
  std::function<void(const std::string& reason)> give_up;     // the store can never be used as it is
  std::function<void(const std::string& reason)> start_over;  // the store no longer holds what was loaded
};
EngineOptions engine_options(const Settings& settings, StoreNews news);

// Also raises the process's limit on open files as far as MAX_CONNECTIONS requires.
http::ServerOptions server_options(const Settings& settings, tracing::Tracer* tracer,
                                   std::shared_ptr<const http::transport::TlsContext> tls);

}  // namespace ubiety::program
