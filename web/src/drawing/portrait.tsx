/**
 * A drawn portrait with the geometry that GA 461-2004 requires of a 358 x 441 px photo: crown at 14 px, chin at 308 px,
 * face 207 px wide, eye line 269 px above the lower edge. Coordinates are in pixels.
 */
export const PORTRAIT = {
  width: 358,
  height: 441,
  crown: 14,
  chin: 308,
  eyes: 172,
  leftEye: 132.5,
  rightEye: 225.5,
  leftCheek: 75.5,
  rightCheek: 282.5,
} as const

export function Portrait() {
  return (
    <>
      <rect width="358" height="441" fill="#fff" />
      <path d="M0 441c2-46 22-70 62-84 34-12 62-18 70-40h94c8 22 36 28 70 40 40 14 60 38 62 84z" fill="#2b3c57" />
      <path d="M132 330l47 58 47-58 16 14-46 70-17-16-17 16-46-70z" fill="#1f2d44" />
      <path d="M134 262v62c4 24 24 44 45 58 21-14 41-34 45-58v-62z" fill="#e3b391" />
      <path d="M134 286c10 22 26 36 45 36s35-14 45-36v20c-8 18-24 30-45 30s-37-12-45-30z" fill="#d19d79" />
      <path d="M82 168c-9-6-18 2-17 20 1 20 9 36 21 37zM276 168c9-6 18 2 17 20-1 20-9 36-21 37z" fill="#e8bb9a" />
      <path
        d="M75.5 160c0-66 44-104 103.5-104s103.5 38 103.5 104c0 78-42 148-103.5 148S75.5 238 75.5 160z"
        fill="#f2cdb0"
      />
      <path
        d="M72 178C58 82 96 14 179 14s121 68 107 164c-6-6-10-14-12-26-4-22-14-38-30-50-28 14-92 18-128-4-18 14-26 32-30 54-2 12-6 20-14 26z"
        fill="#26262d"
      />
      <path
        d="M104 146c15-10 36-11 53-3M201 143c17-8 38-7 53 3"
        fill="none"
        stroke="#3a322f"
        stroke-linecap="round"
        stroke-width="6"
      />
      <path d="M108 173c9-15 40-16 49 0-9 12-40 12-49 0zM201 173c9-16 40-15 49 0-9 12-40 12-49 0z" fill="#fff" />
      <g fill="#3b2a21">
        <circle cx="132.5" cy="172" r="9.5" />
        <circle cx="225.5" cy="172" r="9.5" />
      </g>
      <g fill="#fff">
        <circle cx="135.5" cy="169" r="2.4" />
        <circle cx="228.5" cy="169" r="2.4" />
      </g>
      <path
        d="M107 174c9-17 41-18 51-1M200 173c10-17 42-16 51 1"
        fill="none"
        stroke="#2a211d"
        stroke-linecap="round"
        stroke-width="4"
      />
      <g fill="none" stroke="#cf9671" stroke-linecap="round" stroke-width="4">
        <path d="M172 176c-2 16-8 28-11 38 3 8 10 9 18 9s15-1 18-9" />
      </g>
      <path d="M150 255c10-5 20-7 29-4 9-3 19-1 29 4-8 9-18 13-29 13s-21-4-29-13z" fill="#c9736a" />
      <path d="M150 255c20 3 38 3 58 0" fill="none" stroke="#9f4f49" stroke-width="2" stroke-linecap="round" />
    </>
  )
}
