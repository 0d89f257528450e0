/** How fenshi is called where it is: from source by its npm script, in the clone; once built by npx, which finds what the clone, a project or the machine has installed. */
export const command = import.meta.url.endsWith('.ts') ? 'npm run -s fenshi --' : 'npx fenshi';
