// Runs before the app so that a remembered theme does not flash; shell/theme.ts owns the choice afterwards.
try {
  const choice = localStorage.getItem('hubbub.theme');
  if (choice === 'light' || choice === 'dark') document.documentElement.dataset.theme = choice;
} catch {
  // Storage is blocked: the system's choice applies.
}
