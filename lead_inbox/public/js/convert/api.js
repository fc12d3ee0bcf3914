import { read, write } from "../request";

export const get_preview = (lead, choice, signal) => read("conversion.get_preview", { lead, choice }, signal);
export const convert = (lead, choice) => write("conversion.convert", { lead, choice });
export const get_conversion = (lead) => read("conversion.get_conversion", { lead });
export const get_undo = (conversion) => read("conversion_undo.get_undo", { conversion });
export const undo = (conversion) => write("conversion_undo.undo", { conversion });
