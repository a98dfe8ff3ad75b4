// One life of the service by a seed: what arrives, what is delivered when, what breaks, when it crashes.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "simulation/process.hpp"

namespace ubiety::simulation {

struct Outcome {
  std::optional<std::string> violation;
  std::vector<std::string> trace;
  Figures figures;
};

class Simulation {
 public:
  Simulation(std::uint64_t seed, Plant plant, bool traced);

  Outcome run();

 private:
  enum Event {
    receive,
    receive_batch,
    send,
    ask,
    deliver,
    write,
    forward,
    merge,
    ask_history,
    read_history,
    remove,
    go_on_removing,
    keep_house,
    pass_time,
    lose_store,
    fail,
    stop,
    crash,
    events
  };
  static constexpr int events_of_others = pass_time;  // in the middle of an event: those before this one

  void step();
  void begin_to_serve();
  void happen_one_of(int kinds);
  void happen(Event event);
  void begin_process();
  void end_process();
  void finish_stop();
  void come_to_rest();
  void receive_one();
  void receive_several();
  std::chrono::microseconds any_patience();
  StatusUpdate any_update();
  Status any_status(const DeviceId& device_id);
  void remove_some();
  void deliver_one();
  void pass_some_time();
  void set_clock_back();

  World world_;
  SimulatedStore store_;
  std::optional<SimulatedSpool> spool_;  // of some lives
  const std::uint32_t shards_;
  std::array<int, events> weights_{};
  std::unique_ptr<Admission> admission_;
  std::unique_ptr<Process> process_;
};

Outcome simulate(std::uint64_t seed, Plant plant = Plant::none, bool traced = false);

}  // namespace ubiety::simulation
