// FreePort: a loopback port that nobody else gets while the object lives. It stays bound without listening, which keeps
// the kernel from giving it to another process or to an outgoing connection, yet lets a server that sets SO_REUSEADDR
// listen on it, also again after a restart.
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
