// The parts of the program as the settings want them. At the start, one thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "actors/engine.hpp"
#include "config/settings.hpp"
#include "domain/result.hpp"
#include "http/http1/tls_context.hpp"
#include "http/server.hpp"
#include "storage/spool.hpp"
#include "storage/store.hpp"
#include "telemetry/tracing/tracer.hpp"

namespace ubiety::program {

using config::Settings;

void configure_log(const Settings& settings);

enum class MissingStore { may_be_made, is_an_error };

// The store that DATABASE_URL names. Connects to nothing; makes the default folder if an embedded store may be made in
// it. The error is for a person: the URL can never work, or the store is missing and must not be made.
Result<std::unique_ptr<Store>, std::string> make_store(const Settings& settings, MissingStore missing);

// Why no spool can be where SPOOL_PATH names one: its folder is missing, perhaps a typing error or a disk that is not
// mounted. Makes the default folder.
std::optional<std::string> problem_with_spool_folder(const Settings& settings);

// nullptr without SPOOL_PATH.
StoreResult<std::unique_ptr<Spool>> open_spool(const Settings& settings);

// nullptr where requests are not traced.
std::unique_ptr<tracing::Tracer> make_tracer(const Settings& settings);

// What is wrong with the files is the error; nullptr without TLS_CERT.
Result<std::shared_ptr<http::transport::TlsContext>, std::string> load_tls(const Settings& settings);

// What the engine says of its store, each with the reason, from a thread of its own.
struct StoreNews {
  std::function<void(const std::string& reason)> give_up;     // it can never be used as it is
  std::function<void(const std::string& reason)> start_over;  // it is no longer the one that was loaded
};
EngineOptions engine_options(const Settings& settings, StoreNews news);

// Raises the process's limit on open files as far as MAX_CONNECTIONS needs.
http::ServerOptions server_options(const Settings& settings, tracing::Tracer* tracer,
                                   std::shared_ptr<const http::transport::TlsContext> tls);

}  // namespace ubiety::program
