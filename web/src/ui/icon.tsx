const PATHS = {
  check: 'M5 12.5l4.5 4.5L19 7.5',
  cross: 'M6 6l12 12M18 6L6 18',
  warn: 'M12 4l9 16H3L12 4zM12 10v4.5M12 17.2v.1',
  info: 'M12 21a9 9 0 100-18 9 9 0 000 18zM12 11v5.5M12 7.6v.1',
  clock: 'M12 21a9 9 0 100-18 9 9 0 000 18zM12 7v5.2l3.4 2',
  upload: 'M12 16V4.5M7 9l5-5 5 5M4.5 16v3.5h15V16',
  download: 'M12 4.5V16M7 11.5l5 5 5-5M4.5 19.5h15',
  camera: 'M4 8.5h3.5L9 6h6l1.5 2.5H20v10H4v-10zM12 16.5a3.2 3.2 0 100-6.4 3.2 3.2 0 000 6.4z',
  image: 'M4 5h16v14H4V5zM4 16l4.5-4.5 4 4 3-3L20 16.5M9 9.2v.1',
  left: 'M14.5 5.5L8 12l6.5 6.5',
  right: 'M9.5 5.5L16 12l-6.5 6.5',
  refresh: 'M19.5 12a7.5 7.5 0 11-2.4-5.5M19.5 4v4h-4',
  menu: 'M4 7h16M4 12h16M4 17h16',
  globe:
    'M12 21a9 9 0 100-18 9 9 0 000 18zM3.5 12h17M12 3c2.6 2.7 3.8 5.7 3.8 9s-1.2 6.3-3.8 9c-2.6-2.7-3.8-5.7-3.8-9S9.4 5.7 12 3z',
  person: 'M12 12.2a4.1 4.1 0 100-8.2 4.1 4.1 0 000 8.2zM4 20.5c.8-4 4-6 8-6s7.2 2 8 6',
  offline:
    'M4 4l16 16M8.6 15.6a5 5 0 016.8 0M5.4 12.4a9.6 9.6 0 014-2.4M12.6 9.6a9.5 9.5 0 016 2.8M12 19.2v.1M2.5 9.2a14 14 0 013.6-2.5M10 5.6a14 14 0 0111.5 3.6',
  trash: 'M5 7h14M9.5 7V4.5h5V7M7 7l.8 12.5h8.4L17 7',
  print: 'M7 9V4.5h10V9M7 16.5H4v-7.500h16v7.500h-3M7 13.500h10v6H7v-6z',
  list: 'M8.5 6.5h11M8.5 12h11M8.5 17.5h11M4.5 6.5h.1M4.5 12h.1M4.5 17.5h.1',
  receipt: 'M6 3.5h12v17l-3-1.8-3 1.8-3-1.8-3 1.8v-17zM9 8.500h6M9 12h6',
  ticket: 'M4 7h16v3a2 2 0 000 4v3H4v-3a2 2 0 000-4V7zM14.5 7v10',
  wallet: 'M4 7.5h14.5v11H4v-11zM4 7.5L15 4.5v3M18.5 11H21v4.5h-2.5M15.5 13.200h.1',
  key: 'M8.5 20a4.5 4.5 0 100-9 4.5 4.5 0 000 9zM11.8 12.3L20 4M16 8l3 3',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 15a3 3 0 100-6 3 3 0 000 6z',
} as const

export type IconName = keyof typeof PATHS

/** A decorative icon. It is hidden from screen readers, so a text beside it must have the same meaning. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  )
}
