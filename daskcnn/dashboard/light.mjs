// Light or dark: the colours are variables of the style sheet, which figures read whenever they are painted.
const system = matchMedia("(prefers-color-scheme: dark)")

export default function ({ light }) {
  const paint = () => {
    const dark = light.value === "system" ? system.matches : light.value === "dark"
    document.documentElement.dataset.light = dark ? "dark" : "light"
    for (const model of light.document.all_models) if (model.type.endsWith("Axis")) model.change.emit()
  }
  system.onchange = paint
  paint()
}
