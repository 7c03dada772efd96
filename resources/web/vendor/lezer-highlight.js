// @ts-nocheck: made by `dev.py vendor`; do not edit.
import{i as a,j as b,k as c,l as d,m as e,n as f,o as g,p as h}from"./shared-DIG5FGXG.js";export{a as Tag,h as classHighlighter,f as getStyleTags,e as highlightCode,d as highlightTree,b as styleTags,c as tagHighlighter,g as tags};
