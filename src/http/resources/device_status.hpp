// What the resources answer about one device. Pure functions, any thread.
#pragma once

#include "domain/device_id.hpp"
#include "http/message/answer.hpp"

namespace ubiety::http {

// 404 for a device that has never reported.
Answer device_not_found_answer(const DeviceId& device_id);

}  // namespace ubiety::http
