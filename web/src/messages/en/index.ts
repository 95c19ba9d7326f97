import { auth } from './auth';
import { board } from './board';
import { common } from './common';
import { composer } from './composer';
import { customers } from './customers';
import { deliveries } from './deliveries';
import { files } from './files';
import { forms } from './forms';
import { inbox } from './inbox';
import { media } from './media';
import { notifications } from './notifications';
import { palette } from './palette';
import { profile } from './profile';
import { replies } from './replies';
import { shell } from './shell';
import { templates } from './templates';

/** Every text of the interface in English; the other languages are typed after this one. */
export const en = { common, shell, auth, inbox, composer, files, forms, templates, media, notifications, board, customers, deliveries, profile, replies, palette };
