# What `cmake --install` puts where, and the Debian package of the same that `cpack -G DEB` makes.

include(GNUInstallDirs)

# made_by_ubietyd(NAME OPTION): NAME is what `ubietyd OPTION` prints.
set(printed "")
function(made_by_ubietyd name option)
  add_custom_command(OUTPUT ${name} COMMAND ubietyd ${option} > ${name} DEPENDS ubietyd VERBATIM)
  list(APPEND printed ${CMAKE_CURRENT_BINARY_DIR}/${name})
  set(printed ${printed} PARENT_SCOPE)
endfunction()

made_by_ubietyd(package/ubietyd.8 --print-man-page)
made_by_ubietyd(package/ubietyd.bash --print-bash-completion)
made_by_ubietyd(package/_ubietyd --print-zsh-completion)
made_by_ubietyd(package/ubiety.env --print-env-example)
file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/package)

# Debian wants what people read compressed, and the same bytes of the same text.
set(compressed package/ubietyd.8.gz package/changelog.gz package/changelog.Debian.gz)
add_custom_command(OUTPUT package/ubietyd.8.gz DEPENDS package/ubietyd.8
  COMMAND gzip -9nc package/ubietyd.8 > package/ubietyd.8.gz VERBATIM)
add_custom_command(OUTPUT package/changelog.gz DEPENDS ${CMAKE_SOURCE_DIR}/CHANGELOG.md
  COMMAND gzip -9nc ${CMAKE_SOURCE_DIR}/CHANGELOG.md > package/changelog.gz VERBATIM)
add_custom_command(OUTPUT package/changelog.Debian.gz DEPENDS ${CMAKE_SOURCE_DIR}/deploy/debian/changelog
  COMMAND gzip -9nc ${CMAKE_SOURCE_DIR}/deploy/debian/changelog > package/changelog.Debian.gz VERBATIM)
list(TRANSFORM compressed PREPEND ${CMAKE_CURRENT_BINARY_DIR}/)
add_custom_target(package_files ALL DEPENDS ${printed} ${compressed})

set(made ${CMAKE_CURRENT_BINARY_DIR}/package)
install(TARGETS ubietyd RUNTIME)
install(FILES deploy/systemd/ubietyd.service DESTINATION lib/systemd/system)
install(FILES ${made}/ubietyd.8.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man8)
install(FILES ${made}/ubietyd.bash DESTINATION share/bash-completion/completions RENAME ubietyd)
install(FILES ${made}/_ubietyd DESTINATION share/zsh/vendor-completions)
install(FILES ${made}/changelog.gz ${made}/changelog.Debian.gz deploy/debian/copyright DESTINATION share/doc/ubiety)
# The unit looks for its settings there, wherever the rest is; an administrator's file stays. It may hold a password.
install(CODE "
  if(NOT EXISTS \"\$ENV{DESTDIR}/etc/ubiety/ubiety.env\")
    file(INSTALL \"${made}/ubiety.env\" DESTINATION /etc/ubiety PERMISSIONS OWNER_READ OWNER_WRITE)
  endif()")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME ubiety)
set(CPACK_PACKAGE_VENDOR Ubiety)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR})
set(CPACK_STRIP_FILES ON)
set(CPACK_SET_DESTDIR ON)  # for /etc
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "The Ubiety contributors <maintainers@ubiety.invalid>")
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, procps")  # the unit reloads by /bin/kill
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "postgresql (>= 15)")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "status reports of smart-home sensors over HTTP")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"It takes status reports of a fleet of devices over HTTP, stores them durably
 in PostgreSQL or in a file of its own, and serves the latest ones from memory.")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${CMAKE_SOURCE_DIR}/deploy/debian/conffiles
  ${CMAKE_SOURCE_DIR}/deploy/debian/postinst
  ${CMAKE_SOURCE_DIR}/deploy/debian/postrm
  ${CMAKE_SOURCE_DIR}/deploy/debian/prerm)
include(CPack)
