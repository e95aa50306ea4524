import { User } from '../accounts/user';

/** Whether somebody may change the questions. The server asks again; this is about what is offered. */
export function isAdmin(user: User | null): boolean {
  return user?.roles.includes('admin') ?? false;
}
