// Reserves a loopback port while the object lives. The port stays bound without listening, so the kernel assigns it to
// no other process and to no outgoing connection. A server that sets SO_REUSEADDR can still listen on it, again after
// each restart. One thread.
#pragma once

#include "support/file_descriptor.hpp"

namespace ubiety::test {

class FreePort {
 public:
  FreePort();

  int number() const { return number_; }

 private:
  FileDescriptor socket_;
  int number_ = 0;
};

}  // namespace ubiety::test
