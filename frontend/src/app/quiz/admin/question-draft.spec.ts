import { NEW_QUESTION, draftOf, textOf, withoutOption } from './question-draft';

const text = {
  title: ' How many? ',
  category: 'Space',
  explanation: '',
  options: [
    { id: 'a', title: 'One', isCorrect: false },
    { id: 'b', title: 'Two', isCorrect: true },
    { title: ' Three ', isCorrect: false },
  ],
};

describe('a draft of a question', () => {
  it('goes there and back, without space at the ends', () => {
    expect(textOf(draftOf(text))).toEqual({
      title: 'How many?',
      category: 'Space',
      explanation: '',
      options: [
        { id: 'a', title: 'One', isCorrect: false },
        { id: 'b', title: 'Two', isCorrect: true },
        { title: 'Three', isCorrect: false },
      ],
    });
  });

  it.each([
    [0, 'Two'],
    [1, 'One'],
    [2, 'Two'],
  ])('has exactly one right option also without option %i', (index, right) => {
    const { options } = textOf(withoutOption(draftOf(text), index));
    expect(options.filter(({ isCorrect }) => isCorrect).map(({ title }) => title)).toEqual([right]);
  });

  it('starts with one right option', () => {
    expect(textOf(draftOf(NEW_QUESTION)).options.filter(({ isCorrect }) => isCorrect)).toHaveLength(1);
  });
});
