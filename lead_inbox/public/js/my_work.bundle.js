import { createApp, nextTick, watch } from "vue";
import MyWorkApp from "./work/page/MyWorkApp.vue";
import { create_my_work } from "./work/page/my_work";
import { listen_for_escape, register_shortcuts } from "./work/page/shortcuts";

/** Ties the Vue app to a Frappe desk page: mounts it once, then tells it when the page is shown or hidden. */
class MyWork {
	constructor(wrapper) {
		this.wrapper = wrapper;
		this.work = create_my_work(wrapper.page);
		$(wrapper)
			.addClass("lead-inbox-page my-work-page")
			.on("hide", () => this.hide());
		this.mount();
		listen_for_escape(this.work);
	}

	mount() {
		const links = $('<div class="lead-inbox-search"></div>');
		this.wrapper.page.page_actions.prepend(links);
		const app = createApp(MyWorkApp, { links_host: links.get(0) });
		SetVueGlobals(app);
		app.provide("work", this.work);
		app.mount(this.wrapper.page.main.get(0));
		watch(
			() => this.work.pane,
			(pane) => {
				$(this.wrapper).toggleClass("lead-inbox-reading", pane !== "list");
				nextTick(() => this.fill_window());
			}
		);
	}

	show() {
		register_shortcuts(this.work);
		this.fill_window();
		$(window)
			.off("resize.my_work")
			.on("resize.my_work", () => this.fill_window());
		this.work.show(this.route_key());
	}

	hide() {
		$(window).off("resize.my_work");
		this.work.hide();
	}

	/** "activity/NAME". From the address and not from the last finished route: that may be behind. */
	route_key() {
		return frappe.router.get_sub_path().split("/").slice(1).map(decodeURIComponent).join("/");
	}

	/** The page scrolls inside its columns. What is above them differs between Frappe's versions: measure it. */
	fill_window() {
		const top = this.wrapper.page.main.offset().top;
		this.wrapper.style.setProperty("--lead-inbox-top", `${Math.round(top)}px`);
	}
}

frappe.provide("frappe.ui");
frappe.ui.MyWork = MyWork;
