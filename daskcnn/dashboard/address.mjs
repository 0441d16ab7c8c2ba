// The address says which page is seen and what is chosen on it; what comes to be seen follows the address.
const watched = new WeakSet()

function* seen(model) {
  if (!model.visible) return
  yield model
  for (const child of model.children ?? []) yield* seen(Array.isArray(child) ? child[0] : child)
}

const is_setting = (model) => model.name && ("value" in model || "active" in model)
const text = (model) => "value" in model ? model.value : String(Number(model.active))
const fits = (model, value) => !("options" in model) || model.options.some(([option]) => option === value)

function follow(models) {
  const asked = new URL(location).searchParams
  for (const model of [...models].filter(is_setting)) {
    const value = asked.get(model.name)
    if (value === null || value === text(model) || !fits(model, value)) continue
    if ("value" in model) model.value = value
    else model.active = value === "1"
  }
}

function write(room) {
  const url = new URL(location)
  for (const model of seen(room)) {
    if (is_setting(model)) url.searchParams.set(model.name, text(model))
    if (model.children === undefined || watched.has(model)) continue
    watched.add(model)
    // At once: what has come is not drawn yet, and what has been chosen meanwhile is not lost.
    model.properties.children.change.connect(() => {
      if (!room.visible) return
      follow(seen(room))
      write(room)
    })
  }
  history.replaceState(history.state, "", url)
}

export default function ({ choose, names, rooms, stage }, source) {
  const url = new URL(location)
  if (source !== choose) {
    follow(choose.document.all_models)
    const page = names.indexOf(url.searchParams.get("page"))
    if (page >= 0 && page !== choose.active) return void (choose.active = page)
  }
  url.searchParams.set("page", names[choose.active])
  history.replaceState(history.state, "", url)

  const room = rooms[choose.active]
  for (const child of stage.children) child.visible = child === room
  follow(seen(room))
  if (!stage.children.includes(room)) stage.children = [...stage.children, room]
  write(room)
}
