import { fileURLToPath } from 'node:url';
import preact from '@astrojs/preact';
import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';

const own = (name) => `./src/components/${name}.astro`;

// No script is ever inlined, so that the server can send `script-src 'self'` without hashes; test/site holds this.
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  trailingSlash: 'always',
  devToolbar: { enabled: false },
  build: { inlineStylesheets: 'never' },
  markdown: {
    shikiConfig: { themes: { light: 'github-light-default', dark: 'github-dark-default' }, defaultColor: false },
  },
  vite: { build: { assetsInlineLimit: 0, chunkSizeWarningLimit: 700 } },
  integrations: [
    starlight({
      title: 'Drydock',
      description: 'A hands-on course on securing a microservices architecture.',
      favicon: '/favicon.svg',
      logo: { src: './src/styles/mark.svg', alt: '' },
      customCss: ['./src/styles/palette.css', './src/styles/course.css'],
      components: {
        Search: own('search'),
        Sidebar: own('sidebar'),
        ThemeProvider: own('theme-provider'),
        ThemeSelect: own('theme-select'),
      },
      tableOfContents: { minHeadingLevel: 2, maxHeadingLevel: 2 },
      pagination: true,
      credits: false,
      // Plain highlighting: no script, and the same markup in lessons and in the tasks of a lab.
      expressiveCode: false,
      sidebar: [
        { label: 'Start here', items: [{ slug: 'index', label: 'About the course' }, 'how-a-lab-works'] },
        { label: 'Practices', items: ['access-control'] },
      ],
    }),
    preact({ include: ['**/workspace/**/*.tsx'] }),
  ],
});
