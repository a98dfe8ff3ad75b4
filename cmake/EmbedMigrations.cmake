# Writes OUTPUT: the SQL files below DIRECTORY/{postgres,sqlite} as constants of the binary.
# Run as a script: cmake -DDIRECTORY=... -DOUTPUT=... -P EmbedMigrations.cmake

function(migrations_of dialect out)
  file(GLOB ups ${DIRECTORY}/${dialect}/*.up.sql)
  list(SORT ups)
  set(text "")
  foreach(up IN LISTS ups)
    get_filename_component(file_name ${up} NAME)
    string(REGEX MATCH "^([0-9]+)_(.*)\\.up\\.sql$" matched ${file_name})
    if(NOT matched)
      message(FATAL_ERROR "${up}: a migration is named NUMBER_NAME.up.sql")
    endif()
    set(name ${CMAKE_MATCH_2})
    string(REGEX REPLACE "^0+" "" number ${CMAKE_MATCH_1})
    string(REPLACE ".up.sql" ".down.sql" down ${up})
    file(READ ${up} up_sql)
    file(READ ${down} down_sql)
    string(APPEND text "    {${number}, \"${name}\",\n     R\"sql(${up_sql})sql\",\n     R\"sql(${down_sql})sql\"},\n")
  endforeach()
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

migrations_of(postgres postgres)
migrations_of(sqlite sqlite)
file(WRITE ${OUTPUT} "#include \"storage/migrations.hpp\"

namespace ubiety {

const std::vector<Migration>& postgres_migrations() {
  static const std::vector<Migration> migrations{
${postgres}  };
  return migrations;
}

const std::vector<Migration>& sqlite_migrations() {
  static const std::vector<Migration> migrations{
${sqlite}  };
  return migrations;
}

}  // namespace ubiety
")
