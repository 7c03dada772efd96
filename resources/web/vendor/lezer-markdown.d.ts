export * from "@lezer/markdown";
