#include "http/resources/device_status.hpp"

namespace ubiety::http {

Answer device_not_found_answer(const DeviceId& device_id) {
  return detail_answer(404, "Device " + device_id + " not found");
}

}  // namespace ubiety::http
