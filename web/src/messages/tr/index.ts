import type { AllTexts } from '@/lib/i18n';
import { auth } from './auth';
import { board } from './board';
import { common } from './common';
import { customers } from './customers';
import { deliveries } from './deliveries';
import { inbox } from './inbox';
import { palette } from './palette';
import { profile } from './profile';
import { shell } from './shell';

export const tr: AllTexts = { common, shell, auth, inbox, board, customers, deliveries, profile, palette };
