/** SVG files are bundled as text; see `loader` in angular.json. */
declare module '*.svg' {
  const text: string;
  export default text;
}
