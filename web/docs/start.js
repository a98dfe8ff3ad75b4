// A file of its own, for the page's Content-Security-Policy lets no script stand in the page.
SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  tryItOutEnabled: true,
  validatorUrl: null, // else the page asks a server of Swagger's to check the document
});
