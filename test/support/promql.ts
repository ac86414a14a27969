/** Queries of Prometheus: whether they are PromQL by its own grammar, and which series they name. */
import { parser } from '@prometheus-io/lezer-promql';

/** @throws where it is no PromQL. */
export function seriesOf(query: string): string[] {
  // A variable of Grafana's, which puts a duration in its place.
  const text = query.replaceAll('$__rate_interval', '5m');
  const names: string[] = [];
  parser.parse(text).iterate({
    enter(node) {
      if (node.type.isError) throw new Error(`No PromQL at ${node.from}: ${query}`);
      if (node.name === 'VectorSelector') {
        const name = node.node.getChild('Identifier');
        if (name === null) throw new Error(`It names no series: ${query}`);
        names.push(text.slice(name.from, name.to));
      }
    },
  });
  return names;
}

/** The labels that a query asks of each series: by name, the names of its matchers, and of what it groups by. */
export function labelsOf(query: string): string[] {
  const text = query.replaceAll('$__rate_interval', '5m');
  const labels: string[] = [];
  parser.parse(text).iterate({
    enter(node) {
      if (node.name === 'LabelName') labels.push(text.slice(node.from, node.to));
    },
  });
  return labels;
}
