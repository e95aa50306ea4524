import { Provider } from '@angular/core';

/** What every test gets besides what it asks for itself. */
const providers: Provider[] = [];

export default providers;
