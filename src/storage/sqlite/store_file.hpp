// Looks at the file of an embedded store before it is opened: SQLite would make a file that is missing, and names
// neither the path nor the cause of most of its refusals. Any thread.
#pragma once

#include <optional>
#include <string>

namespace ubiety::sqlite {

enum class MissingFile { may_be_made, is_a_problem };

// Why `path` cannot be a store, for a person; nullopt if it can. Opens nothing and makes nothing.
std::optional<std::string> problem_with_file(const std::string& path, MissingFile missing);

}  // namespace ubiety::sqlite
