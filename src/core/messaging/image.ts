/** Images as a caller hands them in: decoded, told apart by their own bytes and not by their name, and measured. */
import { imageSize } from 'image-size';
import type { FieldProblem } from '../field-problem.ts';
import type { ContentLimits, Image, ImageType } from '../provider.ts';

export interface ImageInput {
  readonly fileName: string;
  /** Base64, standard or URL-safe. */
  readonly data: string;
}

type ImageLimits = Pick<ContentLimits['mms'], 'types' | 'maxImageBytes'> & Partial<ContentLimits['mms']>;

export interface ReadImages {
  readonly images: readonly Image[];
  readonly problems: readonly FieldProblem[];
}

const base64 = /^[A-Za-z0-9+/_-]*={0,2}$/;
const typeNames: Readonly<Record<string, ImageType>> = { jpg: 'JPG', png: 'PNG' };
const maxNameLength = 255;

/** The images, or the problems that keep them from being carried within these limits. */
export function readImages(inputs: readonly ImageInput[], limits: ImageLimits, path: readonly string[]): ReadImages {
  const problems: FieldProblem[] = [];
  const { maxImages } = limits;
  if (maxImages !== undefined && inputs.length > maxImages) {
    problems.push({
      path,
      rule: 'TOO_MANY',
      message: `At most ${maxImages} images. 이미지는 ${maxImages}개까지 첨부할 수 있습니다.`,
    });
  }
  const images = inputs.flatMap((input, at) => {
    const read = readImage(input, limits, [...path, String(at)]);
    problems.push(...read.problems);
    return read.images;
  });
  return { images, problems };
}

/** The one image, or the problem that keeps it from being carried. */
export function readImage(input: ImageInput, limits: ImageLimits, path: readonly string[]): ReadImages {
  const found = judge(input, limits);
  if ('type' in found) return { images: [found], problems: [] };
  const { field, rule, message } = found;
  return { images: [], problems: [{ path: [...path, field], rule, message }] };
}

type Fault = { readonly field: string; readonly rule: string; readonly message: string };

function judge({ fileName, data }: ImageInput, limits: ImageLimits): Image | Fault {
  if (fileName === '' || fileName.length > maxNameLength) {
    return { field: 'fileName', rule: 'LENGTH', message: `Give 1 to ${maxNameLength} characters.` };
  }
  const bytes = decodeImage(data);
  if (bytes === undefined) {
    return { field: 'data', rule: 'NOT_BASE64', message: 'Not Base64, without any prefix such as data:.' };
  }
  const header = headerOf(bytes);
  const type = header === undefined ? undefined : typeNames[header.type];
  if (header === undefined || type === undefined || !limits.types.includes(type)) {
    const said = header === undefined ? 'This is no image' : `${header.type.toUpperCase()} is not carried`;
    // NGS names BMP and GIF too (section 6.1), but gives them no MTYPE.
    return {
      field: 'data',
      rule: 'IMAGE_TYPE',
      message: `${said}; use ${limits.types.join(' or ')}. 지원하지 않는 이미지 형식입니다.`,
    };
  }
  if (bytes.length > limits.maxImageBytes) {
    const limit = `${limits.maxImageBytes / 1024} KB`;
    return {
      field: 'data',
      rule: 'TOO_LARGE',
      message: `The image takes ${bytes.length} bytes, at most ${limit}. 이미지가 ${limit}를 넘습니다.`,
    };
  }
  const { maxWidth = Infinity, maxHeight = Infinity } = limits;
  if (header.width > maxWidth || header.height > maxHeight) {
    return {
      field: 'data',
      rule: 'TOO_LARGE',
      message: `At most ${maxWidth} x ${maxHeight} pixels, not ${header.width} x ${header.height}.`,
    };
  }
  return { fileName, type, bytes };
}

/** The bytes of Base64, standard or URL-safe; undefined for what is none. */
export function decodeImage(data: string): Uint8Array | undefined {
  const compact = data.replace(/\s/g, '');
  return compact !== '' && base64.test(compact) ? Buffer.from(compact, 'base64') : undefined;
}

function headerOf(bytes: Uint8Array): { type: string; width: number; height: number } | undefined {
  try {
    // The library reads past the end of what it is given, and behind a short image lies another caller's: so a copy that ends.
    const { type, width, height } = imageSize(Uint8Array.from(bytes));
    return type === undefined ? undefined : { type, width, height };
  } catch {
    // Whatever the library cannot read is no image to a handset either.
    return undefined;
  }
}
