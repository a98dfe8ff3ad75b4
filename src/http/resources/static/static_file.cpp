#include "http/resources/static/static_file.hpp"

#include <algorithm>

namespace ubiety::http {

const StaticFile* static_file_at(std::string_view path) {
  const auto files = static_files();
  const auto found =
      std::find_if(files.begin(), files.end(), [=](const StaticFile& file) { return file.path == path; });
  return found == files.end() ? nullptr : &*found;
}

}  // namespace ubiety::http
