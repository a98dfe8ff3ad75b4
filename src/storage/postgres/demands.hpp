// What the service demands of a server's settings, so that a commit is durable. Any thread.
#pragma once

namespace ubiety::postgres {

// fsync is always demanded.
struct Demands {
  bool full_page_writes = true;  // false where the file system never tears a page
};

}  // namespace ubiety::postgres
