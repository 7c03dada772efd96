export * from "y-codemirror.next";
