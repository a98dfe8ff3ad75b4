// The process that runs the service: its signals, its memory, and the user it runs as.
#pragma once

#include <chrono>
#include <csignal>
#include <optional>
#include <string>

#include "config/environment.hpp"

namespace ubiety::program {

// The service sends it to itself to start over. SIGTERM would not do: an administrator may send that at the same time.
inline constexpr int start_over_signal = SIGUSR2;

struct Signals {
  sigset_t stop;     // SIGTERM and SIGINT
  sigset_t handled;  // these, SIGHUP, SIGUSR1 and start_over_signal
};

// Blocks the handled signals, so that only the functions below receive them, and ignores SIGPIPE. Call it before
// threads start, because threads inherit the mask.
Signals block_signals();

// Blocks until one of `signals` arrives, and returns it. The main thread.
int wait_for(const sigset_t& signals);

// Blocks until one of `signals` arrives, at most for `limit`. Returns whether one did. Any thread.
bool wait_within(std::chrono::nanoseconds limit, const sigset_t& signals);

// Returns freed pages to Linux. By itself jemalloc returns the pages of an arena only while a thread allocates from the
// arena, so the megabytes of a start would stay. Its background_thread costs 4 % of a report's processor time. Any
// thread.
void release_free_memory();

// Disables core dumps, and access to the memory by other processes of the same user: the buffers of requests and
// answers hold API keys and are not wiped. Throws std::system_error on failure. Call it before threads start.
void keep_memory_private();

// The service as a package installs it, whose store the administrator's commands use. The paths are those of
// deploy/systemd/ubietyd.service and cmake/Packaging.cmake. nullopt if no package installed this program, for example
// if it runs from its build folder.
std::optional<config::Installation> installation_of_this_program();

// Changes to the service's directory. As root, also changes to the user who owns it: files that the command creates
// then belong to the service, and PostgreSQL's peer authentication sees the service's user. Returns what went wrong,
// for a person. Call it before threads start.
std::optional<std::string> run_as_service(const config::Installation& installation);

}  // namespace ubiety::program
