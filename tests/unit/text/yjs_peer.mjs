// A yjs document driven by lines of JSON on stdin; one line of JSON on stdout for each.
import { createInterface } from "node:readline";
import * as Y from "yjs";

let doc = new Y.Doc();

const operations = {
  reset() {
    doc = new Y.Doc();
    return null;
  },
  edit({ item, start, removed, inserted }) {
    const text = doc.getText(item);
    const before = Y.encodeStateVector(doc);
    doc.transact(() => {
      text.delete(start, removed);
      text.insert(start, inserted);
    });
    return Buffer.from(Y.encodeStateAsUpdate(doc, before)).toString("base64");
  },
  apply({ update }) {
    Y.applyUpdate(doc, Buffer.from(update, "base64"));
    return null;
  },
  text({ item }) {
    return doc.getText(item).toString();
  },
  length({ item }) {
    return doc.getText(item).length;
  },
  position({ item, place }) {
    const position = Y.createRelativePositionFromTypeIndex(doc.getText(item), place);
    return Buffer.from(Y.encodeRelativePosition(position)).toString("base64");
  },
  place({ item, position }) {
    const relative = Y.decodeRelativePosition(Buffer.from(position, "base64"));
    const found = Y.createAbsolutePositionFromRelativePosition(relative, doc);
    return found !== null && found.type === doc.getText(item) ? found.index : null;
  },
  state() {
    return Buffer.from(Y.encodeStateAsUpdate(doc)).toString("base64");
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { op, ...values } = JSON.parse(line);
  process.stdout.write(JSON.stringify(operations[op](values)) + "\n");
}
