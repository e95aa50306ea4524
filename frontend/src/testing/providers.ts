import { Provider } from '@angular/core';

const providers: Provider[] = [];
export default providers;
