# Every dependency is a package of Debian 12 and 13; scripts/setup installs them.

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(fmt REQUIRED)
find_package(simdjson REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(CURL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(restinio REQUIRED)
find_package(prometheus-cpp REQUIRED)
pkg_check_modules(PQXX REQUIRED IMPORTED_TARGET libpqxx)
pkg_check_modules(PQ REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)

# Updates are allocated on the thread that reads them and freed on the one that answers: jemalloc takes that better than
# the C library does. Sanitizers bring an allocator of their own.
if(NOT UBIETY_SANITIZE)
  pkg_check_modules(JEMALLOC REQUIRED IMPORTED_TARGET jemalloc)
endif()

# CLI11, RapidJSON and robin-map are header-only and on the default include path.
find_path(CLI11_INCLUDE_DIR CLI/CLI.hpp REQUIRED)
find_path(RAPIDJSON_INCLUDE_DIR rapidjson/reader.h REQUIRED)
find_path(ROBIN_MAP_INCLUDE_DIR tsl/robin_map.h REQUIRED)

# CAF 0.17 brings neither a CMake nor a pkg-config file.
find_path(CAF_INCLUDE_DIR caf/all.hpp REQUIRED)
find_library(CAF_CORE_LIBRARY caf_core REQUIRED)
add_library(caf::core UNKNOWN IMPORTED)
set_target_properties(caf::core PROPERTIES
  IMPORTED_LOCATION ${CAF_CORE_LIBRARY}
  INTERFACE_INCLUDE_DIRECTORIES ${CAF_INCLUDE_DIR}
  INTERFACE_LINK_LIBRARIES Threads::Threads)

# RESTinio's config finds neither fmt nor threads nor http_parser by itself. asio looks for std::aligned_alloc by a macro
# of libstdc++, which is there only after another header: where asio comes first it would free what it allocates otherwise.
find_library(HTTP_PARSER_LIBRARY http_parser REQUIRED)
add_library(restinio_http INTERFACE)
target_compile_definitions(restinio_http INTERFACE ASIO_HAS_STD_ALIGNED_ALLOC=1)
target_link_libraries(restinio_http INTERFACE restinio::restinio ${HTTP_PARSER_LIBRARY} fmt::fmt Threads::Threads)
