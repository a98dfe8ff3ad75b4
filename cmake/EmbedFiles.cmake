# Writes OUTPUT: the files that the INPUTS name as constants of the binary, gzipped, for
# http/resources/static/static_resource.hpp. A line of an input is PATH|FILE.
# Run as a script: cmake -DINPUTS=LIST;... -DOUTPUT=... -P EmbedFiles.cmake

set(type_of_html "text/html; charset=utf-8")
set(type_of_js "text/javascript; charset=utf-8")
set(type_of_css "text/css; charset=utf-8")
set(type_of_txt "text/plain; charset=utf-8")
set(type_of_json "application/json")
set(type_of_svg "image/svg+xml")

# ReDoc shows its maker's logo from its maker's server; these pages ask no other host for anything.
set(foreign_logo "https://cdn.redoc.ly/redoc/logo-mini.svg")
set(no_logo "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==")

function(put_without_foreign_logo file out)
  file(READ ${file} text)
  string(FIND "${text}" "${foreign_logo}" place)
  if(place EQUAL -1)
    message(FATAL_ERROR "${file} has no ${foreign_logo} any more: does it ask another host for something else?")
  endif()
  string(REPLACE "${foreign_logo}" "${no_logo}" text "${text}")
  file(WRITE ${out} "${text}")
endfunction()

get_filename_component(folder ${OUTPUT} DIRECTORY)
set(texts "")
set(names "")
set(rows "")
set(number 0)
set(lines "")
foreach(list IN LISTS INPUTS)
  file(STRINGS ${list} lines_of_list)
  list(APPEND lines ${lines_of_list})
endforeach()
foreach(line IN LISTS lines)
  string(REPLACE "|" ";" parts "${line}")
  list(GET parts 0 path)
  list(GET parts 1 file)
  string(REGEX MATCH "[^./]+$" suffix ${path})
  if(NOT DEFINED type_of_${suffix})  # "/", "/docs"
    string(REGEX MATCH "[^./]+$" suffix ${file})
  endif()
  if(NOT DEFINED type_of_${suffix})
    message(FATAL_ERROR "${file}: of which type is this?")
  endif()
  if(file MATCHES "redoc\\.standalone\\.js$")
    put_without_foreign_logo(${file} ${folder}/redoc.standalone.js)
    set(file ${folder}/redoc.standalone.js)
  endif()
  set(gzipped ${folder}/static_${number}.gz)
  # Without name and time, so that a build gives the same bytes again.
  execute_process(COMMAND gzip -9 --no-name --stdout ${file} OUTPUT_FILE ${gzipped} COMMAND_ERROR_IS_FATAL ANY)
  file(SHA256 ${file} digest)
  string(SUBSTRING ${digest} 0 16 digest)
  string(APPEND texts "    \"ubiety_static_${number}: .incbin \\\"${gzipped}\\\"\\n\"\n")
  string(APPEND names "ubiety_static_${number}[], ")
  math(EXPR next "${number} + 1")
  string(APPEND rows "    StaticFile{\"${path}\", \"${type_of_${suffix}}\", between(ubiety_static_${number}, ubiety_static_${next}), \"${digest}\"},\n")
  set(number ${next})
endforeach()

file(WRITE ${OUTPUT} "#include <array>

#include \"http/resources/static/static_resource.hpp\"

asm(\".pushsection .rodata\\n\"
${texts}    \"ubiety_static_${number}:\\n\"
    \".popsection\\n\");

extern \"C\" {
extern const char ${names}ubiety_static_${number}[];
}

namespace ubiety::http {
namespace {

std::string_view between(const char* begin, const char* end) { return {begin, static_cast<std::size_t>(end - begin)}; }

}  // namespace

std::span<const StaticFile> static_files() {
  static const std::array files{
${rows}  };
  return files;
}

}  // namespace ubiety::http
")
