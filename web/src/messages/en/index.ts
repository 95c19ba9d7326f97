import { auth } from './auth';
import { board } from './board';
import { common } from './common';
import { customers } from './customers';
import { deliveries } from './deliveries';
import { inbox } from './inbox';
import { palette } from './palette';
import { profile } from './profile';
import { shell } from './shell';

/** Every text of the interface in English; the other languages are typed after this one. */
export const en = { common, shell, auth, inbox, board, customers, deliveries, profile, palette };
