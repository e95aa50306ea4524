import { SchemaPathTree, applyEach, required, validate } from '@angular/forms/signals';

import { atMost } from '../../accounts/at-most';
import { QuestionText } from './questions-api';

export const FEWEST_OPTIONS = 2;
export const MOST_OPTIONS = 6;

/** A question while it is being edited: exactly one option is right, so it is kept as a number. */
export interface QuestionDraft {
  title: string;
  category: string;
  explanation: string;
  options: OptionDraft[];
  correct: number;
}

export interface OptionDraft {
  /** Empty for one that is new. */
  id: string;
  title: string;
}

export const NEW_QUESTION: QuestionText = {
  title: '',
  category: '',
  explanation: '',
  options: [
    { title: '', isCorrect: true },
    { title: '', isCorrect: false },
    { title: '', isCorrect: false },
    { title: '', isCorrect: false },
  ],
};

export function draftOf({ title, category, explanation, options }: QuestionText): QuestionDraft {
  return {
    title,
    category,
    explanation,
    options: options.map((option) => ({ id: option.id ?? '', title: option.title })),
    correct: Math.max(
      0,
      options.findIndex((option) => option.isCorrect),
    ),
  };
}

export function textOf({ title, category, explanation, options, correct }: QuestionDraft): QuestionText {
  return {
    title: title.trim(),
    category: category.trim(),
    explanation: explanation.trim(),
    options: options.map((option, index) => ({
      ...(option.id && { id: option.id }),
      title: option.title.trim(),
      isCorrect: index === correct,
    })),
  };
}

/** Takes an option away. When it was the right one, the first one becomes right, so that there always is one. */
export function withoutOption(draft: QuestionDraft, index: number): QuestionDraft {
  const { correct } = draft;
  return {
    ...draft,
    options: draft.options.filter((_, other) => other !== index),
    correct: index === correct ? 0 : index < correct ? correct - 1 : correct,
  };
}

export function draftRules(path: SchemaPathTree<QuestionDraft>): void {
  required(path.title, { message: 'Write the question.' });
  atMost(path.title, 300, 'A question has at most 300 characters.');
  required(path.category, { message: 'Name a category.' });
  atMost(path.category, 40, 'A category has at most 40 characters.');
  atMost(path.explanation, 600, 'An explanation has at most 600 characters.');
  applyEach(path.options, (option) => {
    required(option.title, { message: 'Write the option, or remove it.' });
    atMost(option.title, 120, 'An option has at most 120 characters.');
    validate(option.title, ({ value, valueOf }) => {
      const same = valueOf(path.options).filter(({ title }) => alike(title) === alike(value()));
      return value().trim() !== '' && same.length > 1
        ? { kind: 'twice', message: 'There is another option like this.' }
        : undefined;
    });
  });
}

function alike(title: string): string {
  return title.trim().toLowerCase();
}
