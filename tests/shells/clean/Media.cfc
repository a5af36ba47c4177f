/**
 * Media library of the admin module
 */
component extends="coldbox.system.EventHandler" secured="MEDIA_ADMIN" {

	property name="mediaService"    inject="id:mediaService@library";
	property name="cb"              inject="cbHelper@library";
	property name="messagebox"      inject="messagebox@cbmessagebox";
	property name="log"             inject="logbox:logger:{this}";

	this.allowedMethods = { index : "GET", upload : "POST", remove : "POST,DELETE", regenerate : "POST" };

	function preHandler( event, rc, prc, action ){
		if ( !prc.oCurrentAuthor.isLoggedIn() || !prc.oCurrentAuthor.checkPermission( "MEDIA_ADMIN" ) ) {
			messagebox.error( "You do not have access to the media library" );
			relocate( "admin.security.login" );
		}
		prc.root       = expandPath( mediaService.getSetting( "directory" ) );
		prc.extensions = mediaService.getSetting( "extensions" ); // jpg,png,gif,svg,pdf,mp4
	}

	function index( event, rc, prc ){
		event.paramValue( "folder", "" );
		prc.folder = safeFolder( prc.root, rc.folder );
		prc.files  = directoryList( prc.folder, false, "query", "", "type asc, name asc" );
		event.setView( "media/index" );
	}

	function upload( event, rc, prc ){
		event.paramValue( "folder", "" );
		try {
			var target = safeFolder( prc.root, rc.folder );
			var result = fileUpload( getTempDirectory(), "FILEDATA", "", "makeUnique" );
			if ( !listFindNoCase( prc.extensions, result.serverFileExt ) ) {
				fileDelete( result.serverDirectory & "/" & result.serverFile );
				throw( type = "InvalidExtension", message = "The extension #result.serverFileExt# is not allowed" );
			}
			var name = reReplace( result.clientFileName, "[^\w\-]", "-", "all" ) & "." & lCase( result.serverFileExt );
			fileMove( result.serverDirectory & "/" & result.serverFile, target & "/" & name );
			announce( "library_onMediaUpload", { path : target & "/" & name } );
			event.renderData( type = "json", data = { "error" : false, "file" : name } );
		} catch ( any e ) {
			log.error( "Upload failed: #e.message#", e.detail );
			event.renderData( type = "json", statusCode = 400, data = { "error" : true, "messages" : e.message } );
		}
	}

	function remove( event, rc, prc ){
		var folder = safeFolder( prc.root, rc.folder ?: "" );
		var name   = getFileFromPath( rc.file ?: "" );
		if ( len( name ) && fileExists( folder & "/" & name ) ) {
			fileDelete( folder & "/" & name );
			messagebox.info( "#encodeForHTML( name )# was removed" );
		}
		relocate( event = "admin.media", queryString = "folder=#urlEncodedFormat( rc.folder ?: '' )#" );
	}

	function regenerate( event, rc, prc ){
		var method = { "small" : "makeSmall", "hero" : "makeHero" }[ rc.size ];
		invoke( mediaService, method, { root : prc.root } );
		relocate( "admin.media" );
	}

	private string function safeFolder( required root, required folder ){
		var full = createObject( "java", "java.io.File" ).init( arguments.root & "/" & arguments.folder ).getCanonicalPath();
		var base = createObject( "java", "java.io.File" ).init( arguments.root ).getCanonicalPath();
		if ( full != base && find( base & createObject( "java", "java.io.File" ).separator, full ) != 1 ) {
			throw( type = "InvalidFolder", message = "Folder is outside of the library" );
		}
		return full;
	}

}
