// Runs a WebAssembly program that sees this machine's files: run_wasi.mjs PROGRAM ARGUMENT...
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import {readFile} from 'node:fs/promises';
import {WASI} from 'node:wasi';

const [program, ...args] = process.argv.slice(2);
const wasi = new WASI({version: 'preview1', args: [program, ...args], preopens: {'/': '/'}});
const compiled = await WebAssembly.compile(await readFile(program));
process.exit(wasi.start(await WebAssembly.instantiate(compiled, wasi.getImportObject())));
