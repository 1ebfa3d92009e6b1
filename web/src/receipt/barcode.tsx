/**
 * A barcode as one SVG path; `modules` has a `1` for each dark module. Dark on light in both colour schemes, for
 * scanners.
 */
export function Barcode({ modules, label }: { modules: string; label: string }) {
  const path = [...modules.matchAll(/1+/g)]
    .map((run) => `M${run.index} 0h${run[0].length}v1h-${run[0].length}z`)
    .join('')
  return (
    <svg
      class="barcode"
      viewBox={`0 0 ${modules.length} 1`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      shape-rendering="crispEdges"
    >
      <path d={path} fill="#000" />
    </svg>
  )
}
