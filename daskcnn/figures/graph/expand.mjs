// Shows the tasks of the layers that are expanded and one node for each other layer, with the edges between them.
export default function (args, obj, data, context) {
  const { tasks, layers, edges, chain, plot, views, nodes, links, line, frame, names, all } = args
  const count = tasks.data.x.length
  const open = new Set(nodes.tags[0])
  // A click may hit several tasks of a layer.
  const hit = all === null ? nodes.selected.indices.map((index) => nodes.data.code[index]) : []
  for (const layer of new Set(hit)) open.has(layer) ? open.delete(layer) : open.add(layer)
  if (all === true) layers.data.code.forEach((layer) => open.add(layer))
  if (all === false) open.clear()
  nodes.tags = [[...open]]

  const stands = (task) => (open.has(tasks.data.code[task]) ? task : count + tasks.data.code[task])
  const at = (node, name) => (node < count ? tasks.data[name][node] : layers.data[name][node - count])
  const shown = []
  for (let task = 0; task < count; task++) if (open.has(tasks.data.code[task])) shown.push(task)
  for (let layer = 0; layer < layers.data.x.length; layer++) if (!open.has(layer)) shown.push(count + layer)
  const columns = {}
  for (const name of Object.keys(nodes.data)) columns[name] = shown.map((node) => at(node, name))

  const seen = new Map()
  const { reader, read } = edges.data
  for (let edge = 0; edge < reader.length; edge++) {
    const from = stands(read[edge]), to = stands(reader[edge])
    const both = from * (2 * count + 1) + to
    if (from !== to) seen.set(both, [from, to, 1 + (seen.get(both)?.[2] ?? 0)])
  }
  const pairs = [...seen.values()]
  links.data = {
    x0: pairs.map(([from]) => at(from, "x")), y0: pairs.map(([from]) => at(from, "y")),
    x1: pairs.map(([, to]) => at(to, "x")), y1: pairs.map(([, to]) => at(to, "y")),
    edges: pairs.map(([, , times]) => times),
  }
  const steps = Array.from(chain.data.task, stands).filter((node, place, all) => node !== all[place - 1])
  const [closed, whole] = views
  const everything = open.size === layers.data.x.length
  plot.height = (open.size ? whole : closed).height
  frame.data = (everything ? whole : closed).frame
  // Of collapsed layers each has its name beside it.
  const of = (everything ? whole : closed).names
  const kept = (values) => values.filter((_, place) => everything || !open.has(place))
  names.data = Object.fromEntries(Object.entries(of).map(([name, values]) => [name, kept(values)]))
  line.data = { x: steps.map((node) => at(node, "x")), y: steps.map((node) => at(node, "y")) }
  nodes.selected.indices = []
  nodes.data = columns
}
