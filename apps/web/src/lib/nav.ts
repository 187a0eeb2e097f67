import LayoutDashboard from '@lucide/svelte/icons/layout-dashboard'
import ListChecks from '@lucide/svelte/icons/list-checks'
import ListMusic from '@lucide/svelte/icons/list-music'
import Music from '@lucide/svelte/icons/music'
import ScrollText from '@lucide/svelte/icons/scroll-text'
import Settings from '@lucide/svelte/icons/settings-2'

export const pages = [
  { path: '/dashboard', title: 'nav.dashboard', icon: LayoutDashboard },
  { path: '/jobs', title: 'nav.jobs', icon: ListChecks },
  { path: '/playlists', title: 'nav.playlists', icon: ListMusic },
  { path: '/songs', title: 'nav.songs', icon: Music },
  { path: '/logs', title: 'nav.logs', icon: ScrollText },
  { path: '/config', title: 'nav.config', icon: Settings },
] as const
