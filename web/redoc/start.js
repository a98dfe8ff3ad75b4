// A file of its own, for the page's Content-Security-Policy lets no script stand in the page.
const fonts = "system-ui, sans-serif"; // of the reader's machine: ReDoc's own would come from another host
Redoc.init(
  "openapi.json",
  { theme: { typography: { fontFamily: fonts, headings: { fontFamily: fonts } } } },
  document.getElementById("redoc"),
);
