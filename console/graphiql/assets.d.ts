/** Style sheets are turned into files by the build; importing one has an effect and no value. */
declare module '*.css';
