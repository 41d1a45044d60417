import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseState, printState } from '../../trace/index.ts';
import { fixture, fixtureText } from './fixtures/index.ts';
import { type DotNode, TlcError, readDot } from './index.ts';
import type { DotEdge } from './index.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dot-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(path: string): Promise<{ readonly nodes: DotNode[]; readonly edges: DotEdge[] }> {
  const nodes: DotNode[] = [];
  const edges: DotEdge[] = [];
  for await (const item of readDot(path)) {
    if (item.kind === 'node') nodes.push(item);
    else edges.push(item);
  }
  return { nodes, edges };
}

async function readText(text: string): Promise<ReturnType<typeof read>> {
  const path = join(folder, 'graph.dot');
  await writeFile(path, text);
  return await read(path);
}

async function codeOf(text: string): Promise<string> {
  const error: unknown = await readText(text).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof TlcError ? error.code : String(error);
}

const graph = (...lines: string[]): string =>
  [
    'strict digraph DiskGraph {',
    'nodesep=0.35;',
    'subgraph cluster_graph {',
    'color="white";',
    ...lines,
    '}',
    '}',
  ].join('\n');

describe('a graph that TLC wrote', () => {
  it('has its nodes, edges and initial state', async () => {
    const { nodes, edges } = await read(fixture('tickets.dot'));
    expect([nodes.length, edges.length]).toEqual([7, 8]);
    expect(nodes.filter(({ initial }) => initial).map(({ id }) => id)).toEqual(['-397946057719153548']);
    const ids = new Set(nodes.map(({ id }) => id));
    expect(edges.every(({ from, to }) => ids.has(from) && ids.has(to))).toBe(true);
    const labels = edges.map(({ label }) => label).sort();
    expect(labels).toEqual(['Close', 'Close', 'Close', 'Close', 'Draw', 'Draw', 'Serve', 'Serve']);
    expect(edges[0]).toEqual({
      kind: 'edge',
      from: '-397946057719153548',
      to: '6279878489250537978',
      label: 'Draw',
    });
  });

  it('has states with their escapes undone twice: the file’s and the string’s', async () => {
    const { nodes } = await read(fixture('tickets.dot'));
    const state = parseState(
      String.raw`/\ act = [name |-> "Draw", who |-> alice] /\ held = (alice :> 1 @@ bob :> 0)
        /\ log = <<[customer |-> alice, note |-> "drew \"1\" \\ ticket"]>> /\ next = 2 /\ served = {}`,
    );
    expect(printState(nodes[1]!.state())).toBe(printState(state));
    expect(new Set(nodes.map((node) => printState(node.state()))).size).toBe(nodes.length);
  });
});

describe('any graph', () => {
  it('reads lines longer than a chunk, and characters of several bytes on its border', async () => {
    const long = 'ä'.repeat(1_500_001);
    const { nodes, edges } = await readText(
      graph(
        `-1 [label="x = \\"${long}\\"",style = filled]`,
        '-1 -> 22 [label="Nächste"];',
        '22 [label="x = 1"];',
        '22 -> 22;',
      ),
    );
    expect(nodes[0]!.state()).toEqual({ x: long });
    expect(nodes[1]!.state()).toEqual({ x: 1 });
    expect(edges.map(({ label }) => label)).toEqual(['Nächste', '']);
  });

  it('does not take what a string says for the end of a label', async () => {
    const { nodes } = await readText(graph(String.raw`1 [label="x = \"a\\\", style = filled \\\\\""];`));
    expect(nodes[0]!.initial).toBe(false);
    expect(nodes[0]!.state()).toEqual({ x: 'a", style = filled \\' });
  });

  it('refuses what is none, or not all of it', async () => {
    expect(await codeOf('')).toBe('dot/truncated');
    expect(await codeOf('digraph {\n}\n')).toBe('dot/malformed');
    expect(await codeOf(graph('1 [label="x = 1'))).toBe('dot/malformed');
    expect(await codeOf(graph('1 [colour="x"];'))).toBe('dot/malformed');
    expect(await codeOf(graph('1 -> x [label="A"];'))).toBe('dot/malformed');
    expect(await codeOf(graph('- [label="A"];'))).toBe('dot/malformed');
    expect(await codeOf(graph(`${'1'.repeat(30)} [label="A"];`))).toBe('dot/malformed');
    const whole = fixtureText('tickets.dot');
    expect(await codeOf(whole.slice(0, whole.indexOf('{rank')))).toBe('dot/truncated');
  });
});
