<%@ Page Language="C#" Inherits="DotNetNuke.Framework.PageBase" %>
<%@ Import Namespace="System.Reflection" %>
<%@ Import Namespace="System.Web.UI" %>
<%@ Import Namespace="DotNetNuke.Common" %>
<%@ Import Namespace="DotNetNuke.Entities.Modules" %>
<%@ Import Namespace="DotNetNuke.Entities.Portals" %>
<%@ Import Namespace="DotNetNuke.Security" %>
<%@ Import Namespace="DotNetNuke.Security.Permissions" %>
<%@ Import Namespace="DotNetNuke.Services.Exceptions" %>
<%@ Import Namespace="DotNetNuke.Services.Localization" %>
<script runat="server">
    private ModuleInfo _module;

    protected override void OnInit(EventArgs e)
    {
        base.OnInit(e);
        try
        {
            int moduleId, tabId;
            if (!int.TryParse(Request.QueryString["moduleid"], out moduleId) || !int.TryParse(Request.QueryString["tabid"], out tabId))
                Response.Redirect(Globals.NavigateURL(), true);
            else
            {
                _module = new ModuleController().GetModule(moduleId, tabId, false);
                if (_module == null || !ModulePermissionController.HasModuleAccess(SecurityAccessLevel.Edit, "CONTENT", _module))
                    Response.Redirect(Globals.AccessDeniedURL(), true);
                LoadSettingsControl();
            }
        }
        catch (Exception exc)
        {
            Exceptions.ProcessPageLoadException(exc);
        }
    }

    private void LoadSettingsControl()
    {
        // control source comes from the module definition that the host installed
        ModuleControlInfo info = ModuleControlController.GetModuleControlByControlKey("Settings", _module.ModuleDefID);
        if (info == null)
        {
            phSettings.Controls.Add(new LiteralControl(Localization.GetString("NoSettings", Localization.GlobalResourceFile)));
            return;
        }
        Control ctl;
        if (info.ControlSrc.EndsWith(".ascx", StringComparison.OrdinalIgnoreCase))
            ctl = LoadControl("~/" + info.ControlSrc);
        else
        {
            Type type = System.Web.Compilation.BuildManager.GetType(info.ControlSrc, true);
            if (!typeof(ModuleSettingsBase).IsAssignableFrom(type))
                throw new InvalidOperationException(type.FullName + " is not a settings control");
            ctl = (Control)Activator.CreateInstance(type);
        }
        ctl.ID = "settings" + _module.ModuleID;
        var settings = ctl as ModuleSettingsBase;
        if (settings != null)
        {
            settings.ModuleContext.Configuration = _module;
            if (!IsPostBack) settings.LoadSettings();
        }
        PropertyInfo resource = ctl.GetType().GetProperty("LocalResourceFile", BindingFlags.Public | BindingFlags.Instance);
        if (resource != null && resource.CanWrite)
            resource.SetValue(ctl, TemplateSourceDirectory + "/" + Localization.LocalResourceDirectory + "/Settings", null);
        phSettings.Controls.Add(ctl);
    }

    protected void cmdUpdate_Click(object sender, EventArgs e)
    {
        if (!Page.IsValid) return;
        foreach (Control c in phSettings.Controls)
        {
            var s = c as ModuleSettingsBase;
            if (s != null) s.UpdateSettings();
        }
        ModuleController.SynchronizeModule(_module.ModuleID);
        Response.Redirect(Globals.NavigateURL(_module.TabID), true);
    }
</script>
<html>
<head runat="server"><title>Module settings</title></head>
<body class="dnnEditState">
    <form id="Form" runat="server">
        <asp:PlaceHolder ID="phSettings" runat="server" />
        <asp:LinkButton ID="cmdUpdate" runat="server" CssClass="dnnPrimaryAction" OnClick="cmdUpdate_Click" Text="Update" />
    </form>
</body>
</html>
