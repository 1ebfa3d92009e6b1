/** The logo: a portrait inside crop marks on a red square. */
export function Brand({ size = 36 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      <rect width="48" height="48" rx="11" fill="#b03a2e" />
      <g fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round">
        <path d="M10 17v-7h7M31 10h7v7M38 31v7h-7M17 38h-7v-7" />
      </g>
      <g fill="#fff">
        <ellipse cx="24" cy="19.4" rx="5.6" ry="6.8" />
        <path d="M13.6 35.4c.6-5.2 4.8-7.7 10.4-7.7s9.8 2.5 10.4 7.7z" />
      </g>
    </svg>
  )
}
