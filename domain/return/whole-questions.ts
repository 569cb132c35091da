/**
 * Questions that hold a return whole. At most one is open; they come in this order:
 * 1. before-dispatch, when the ERP does not show that the order left: without dispatch there is no invoice to
 *    credit against, so nothing else can be judged first. Within the dispatch lead time only when nothing else is
 *    asked about the return's lines.
 * 2. quantity: how many units the return is about decides every figure after it.
 * 3. closed-period: both halves bear one date, so neither can post before it is settled.
 */
import { format } from '../money.js';
import { asks, creditText, listed, questionOf, yes } from './asking.js';
import { beforeDispatchOrders, choiceOf, type Context } from './context.js';
import { exceedingLines, linesWithoutOriginal, refundGap } from './classify.js';
import type { PlannedQuestion } from './questions.js';
import { nextOpenPeriod } from './stance.js';
