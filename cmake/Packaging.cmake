# What `cmake --install` installs, and the Debian package of the same files, which `cpack -G DEB` makes.

include(GNUInstallDirs)

file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/package)
add_custom_command(OUTPUT package/ubiety.env DEPENDS ubietyd
  COMMAND ubietyd --print-env-example > package/ubiety.env VERBATIM)

# Debian wants documents compressed, and the same bytes from every build (gzip -n).
add_custom_command(OUTPUT package/changelog.gz DEPENDS ${CMAKE_SOURCE_DIR}/CHANGELOG.md
  COMMAND gzip -9nc ${CMAKE_SOURCE_DIR}/CHANGELOG.md > package/changelog.gz VERBATIM)
add_custom_command(OUTPUT package/changelog.Debian.gz DEPENDS ${CMAKE_SOURCE_DIR}/deploy/debian/changelog
  COMMAND gzip -9nc ${CMAKE_SOURCE_DIR}/deploy/debian/changelog > package/changelog.Debian.gz VERBATIM)
set(made ${CMAKE_CURRENT_BINARY_DIR}/package)
add_custom_target(package_files ALL
  DEPENDS ${made}/ubiety.env ${made}/changelog.gz ${made}/changelog.Debian.gz)

# help2man makes the manual page from the help. It is needed for the package only, so not by ALL.
add_custom_target(manual_page
  COMMAND help2man --section=8 --no-info --name "status reports of smart-home sensors over HTTP, stored durably"
          --output ${made}/ubietyd.8 $<TARGET_FILE:ubietyd>
  COMMAND gzip -9nf ${made}/ubietyd.8
  DEPENDS ubietyd VERBATIM)

install(TARGETS ubietyd RUNTIME)
install(FILES deploy/systemd/ubietyd.service DESTINATION lib/systemd/system)
install(FILES ${made}/ubietyd.8.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man8 OPTIONAL)
install(FILES ${made}/changelog.gz ${made}/changelog.Debian.gz deploy/debian/copyright DESTINATION share/doc/ubiety)
# The unit reads its settings from /etc, whatever the prefix is. The file may hold a password, and an administrator's
# file is never overwritten.
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
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, procps")  # for /bin/kill, with which the unit reloads
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "postgresql (>= 15)")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "status reports of smart-home sensors over HTTP")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"The service takes status reports of a fleet of devices over HTTP, stores them
 durably in PostgreSQL or an embedded database, and serves the latest statuses
 from memory.")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${CMAKE_SOURCE_DIR}/deploy/debian/conffiles
  ${CMAKE_SOURCE_DIR}/deploy/debian/postinst
  ${CMAKE_SOURCE_DIR}/deploy/debian/postrm
  ${CMAKE_SOURCE_DIR}/deploy/debian/prerm)
include(CPack)
